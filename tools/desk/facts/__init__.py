"""The facts about the practice as a form."""
