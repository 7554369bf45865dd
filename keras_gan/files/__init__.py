"""Files: read after a check of what they state, written whole or not at all, by one program."""
