"""Speed, measured beside the tools an owner could have picked, on the same generated articles."""
