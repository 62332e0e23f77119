"""Publishing from the desk: where the site goes, what will change, each step, and the way back."""
