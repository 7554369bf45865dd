"""How one step is shared among processes and replicas."""
