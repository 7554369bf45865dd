"""Files: checked before they are read, written completely or not at all, locked."""
