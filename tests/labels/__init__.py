"""Labels: what they may be, and what networks know of them."""
