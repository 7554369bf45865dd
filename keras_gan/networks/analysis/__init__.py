"""What can be said of any network: its graph, its ranges, its memory, what it leaves aside."""
