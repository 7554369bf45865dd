"""Which of Keras's backends computes."""
