"""The same trainings written by hand, without this library: what its speed is compared with."""
