"""What `Health` says of each way in which games fail, with the figures that it found."""

ADVICE = {
    "collapse": "Generator diversity collapse: samples of different z spread only {:.2g} times as "
    "far as {}. Try smaller learning rates, or a penalty such as kg.penalties.R1(1.0).",
    "saturation": "Discriminator saturation: its loss depends on its scores only {:.2g} times as "
    "much as at a tie, since it tells real from fake almost perfectly. Try a smaller learning "
    "rate or fewer steps for it, kg.layers.InstanceNoise, or kg.SNGAN or kg.WGANGP.",
    "vanishing": "Vanishing generator gradient: its norm is {:.2g} times the largest so far, while "
    "the discriminator recognises the samples. Try objective='non_saturating' or 'wasserstein', "
    "or a weaker discriminator.",
    "imbalance": "Penalty out of balance: {1} is {0:.2g} times as large as the "
    "discriminator_loss, which it drowns. Try a smaller weight for it.",
}
