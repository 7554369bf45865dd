"""Analyses of any network: its graph, its output range, its memory, its unused parts."""
