"""Commands of the command line that belong together, a file each."""
