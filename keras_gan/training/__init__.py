"""How a model trains: optimizers by player, running means, averaging, serialization, backends."""
