"""What happens inside a Pelican build; each package is a plugin whose `register()` reads as its table of contents."""
