"""Pictures and files to download: as they arrive, where they are used, what is done with them."""
