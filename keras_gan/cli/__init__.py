"""The command line, `keras-gan`: one file a sub-command."""
