"""What was changed: every save is recorded, shown in words, and can be taken back."""
