"""The command line, `keras-gan`: one file per sub-command."""
