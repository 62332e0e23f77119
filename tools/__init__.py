"""What runs around a build: building aside and swapping, the preview server, catalogs, test extras."""
