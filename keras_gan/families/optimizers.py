"""Optimizers as settings have them: a model's own, at another rate, by a schedule."""

import keras


def rate_of(optimizer: keras.optimizers.Optimizer) -> float:
    """An optimizer's learning rate, 0.0002 where float32 holds 0.000199999994947…"""
    return float(f"{float(optimizer.get_config()['learning_rate']):.7g}")


def adjusted(default, settings, rate: float, steps: int = 1) -> keras.optimizers.Optimizer:
    """An optimizer with the rate, schedule and betas of settings.

    Args:
        default: The optimizer in which nothing was chosen.
        settings: The run's.
        rate: The learning rate at the start.
        steps: How often it moves in one step of the model.

    Raises:
        ValueError: For betas of an optimizer that is not Adam.
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
                f"--{name.replace('_', '-')} is for recipes that train by Adam; {settings.recipe} "
                f"takes {type(default).__name__}, which has none."
            )
        if value is not None:
            config[name] = value
    return type(default).from_config(config)
