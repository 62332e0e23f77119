"""What happens inside a Pelican build; each package is a Pelican plugin whose `register()` reads as its table of contents."""
