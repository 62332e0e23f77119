"""Pages as things: the list, new ones, their settings, the menus, taking one off the site."""
