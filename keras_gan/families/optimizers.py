"""Optimizers according to settings: a model's own, with another rate or schedule."""

import keras


def rate_of(optimizer: keras.optimizers.Optimizer) -> float:
    """An optimizer's learning rate, rounded to what float32 means: 0.0002, not 0.00019999999…"""
    return float(f"{float(optimizer.get_config()['learning_rate']):.7g}")


def adjusted(default, settings, rate: float, steps: int = 1) -> keras.optimizers.Optimizer:
    """An optimizer with the rate, schedule and betas of settings.

    Args:
        default: The model's own optimizer.
        settings: The run's settings.
        rate: The learning rate at the start.
        steps: The optimizer's moves in one step of the model. Defaults to 1.

    Raises:
        ValueError: For betas, if the optimizer is not Adam.
    """
    config = default.get_config()
    if settings.learning_rate_schedule == "cosine":
        whole = steps * settings.epochs * settings.steps_per_epoch
        rate = keras.optimizers.schedules.CosineDecay(rate, whole)
    config["learning_rate"] = rate
    for name in ("beta_1", "beta_2"):
        value = getattr(settings, name)
        if value is not None and name not in config:
            raise ValueError(
                f"--{name.replace('_', '-')} is for recipes that train with Adam, but "
                f"{settings.recipe} uses {type(default).__name__}: leave it out."
            )
        if value is not None:
            config[name] = value
    return type(default).from_config(config)
