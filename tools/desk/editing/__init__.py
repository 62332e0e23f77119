"""The text of a page, edited where it is read: by its parts, as a whole, and with what is pasted."""
