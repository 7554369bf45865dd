"""The trainings as a plain PyTorch loop: eager, channels last, Adam with its fused kernel."""

import contextlib

import torch
import torch._dynamo
from torch import nn
from torch.nn import functional


class Crop(nn.Module):
    """Leaves out a border."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        """`x` without its border."""
        return x[..., self.size : -self.size, self.size : -self.size]


def padded(size: int, kernel: int, strides: int) -> tuple[nn.Module, int]:
    """The padding of a convolution that keeps ceil(size / strides), and that side."""
    out = -(-size // strides)
    total = max((out - 1) * strides + kernel - size, 0)
    left = total // 2
    return nn.ZeroPad2d((left, total - left, left, total - left)), out


def network(layers: tuple, shape: tuple) -> nn.Sequential:
    """A network of a task; images lie as (batch, channels, height, width)."""
    made, side, channels = [], shape[0], shape[-1]
    for kind, *given in layers:
        if kind == "dense":
            made.append(nn.Linear(channels, given[0], bias=given[1]))
            channels = given[0]
        elif kind == "conv":
            filters, kernel, strides, bias = given
            padding, out = padded(side, kernel, strides)
            if len(set(padding.padding)) == 1:  # in the convolution itself
                own = padding.padding[0]
            else:
                own, _ = 0, made.append(padding)
            made.append(nn.Conv2d(channels, filters, kernel, strides, own, bias=bias))
            side, channels = out, filters
        elif kind == "transposed":
            filters, kernel, bias = given
            made.append(nn.ConvTranspose2d(channels, filters, kernel, 2, 1, bias=bias))
            side, channels = 2 * side, filters
        elif kind == "double":
            made.append(nn.Upsample(scale_factor=2))
            side *= 2
        elif kind == "batch":
            made.append((nn.BatchNorm2d if side and len(shape) == 3 else nn.BatchNorm1d)(channels))
        elif kind == "reshape":
            (side, _, channels) = given[0]
            shape = given[0]
            made.append(nn.Unflatten(1, (channels, side, side)))
        elif kind == "flatten":
            made.append(nn.Flatten())
            channels *= side * side
        elif kind in ("pad", "crop"):
            size = given[0]
            made.append(nn.ZeroPad2d(size) if kind == "pad" else Crop(size))
            side += 2 * size if kind == "pad" else -2 * size
        else:
            made.append(
                {
                    "leaky": lambda slope: nn.LeakyReLU(slope, inplace=True),
                    "relu": lambda: nn.ReLU(inplace=True),
                    "tanh": nn.Tanh,
                    "dropout": lambda rate: nn.Dropout(rate),
                }[kind](*given)
            )
    return nn.Sequential(*made).to(memory_format=torch.channels_last)


def score_slope(scores, x):
    """The gradient of scores by samples, which can be differentiated again."""
    return torch.autograd.grad(scores.sum(), x, create_graph=True)[0]


class Loop:
    """A training by hand: `run(n)` takes n steps."""

    def __init__(self, task, data, threads: int, bfloat16: bool = False, compiled: bool = False):
        torch.manual_seed(0)
        self.task, self.threads, self.bfloat16 = task, threads, bfloat16
        self.data = torch.from_numpy(data)
        if self.data.ndim == 4:
            self.data = self.data.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        self.generator = network(task.generator, (task.latent_dim,))
        self.discriminator = network(task.discriminator, task.shape)
        options = {"lr": task.rate, "betas": (task.beta_1, task.beta_2), "fused": True}
        self.optimizers = [
            torch.optim.Adam(each.parameters(), **options)
            for each in (self.generator, self.discriminator)
        ]
        if compiled:
            self.generator = torch.compile(self.generator)
            self.discriminator = torch.compile(self.discriminator)

    def score(self, x):
        """Scores in float32, computed in bfloat16 if that is the loop's precision."""
        with self.precision():
            return self.discriminator(x).float()

    def precision(self):
        """The context in which networks compute."""
        return torch.autocast("cpu", torch.bfloat16) if self.bfloat16 else contextlib.nullcontext()

    def samples(self):
        """A batch of samples."""
        with self.precision():
            fake = self.generator(torch.randn(self.task.batch, self.task.latent_dim))
        return fake.float()

    def real(self):
        """A batch of the data."""
        return self.data[torch.randint(len(self.data), (self.task.batch,))]

    def discriminator_loss(self, real, fake):
        """What the discriminator minimises."""
        game = self.task.game
        if game == "wgangp":
            loss = self.score(fake).mean() - self.score(real).mean()
            share = torch.rand(len(real), *[1] * (real.ndim - 1))
            between = torch.lerp(fake, real, share).requires_grad_()
            slope = score_slope(self.score(between), between).flatten(1)
            return loss + 10 * (slope.square().sum(1).sqrt() - 1).square().mean()
        if game == "gan":
            return (
                functional.softplus(-self.score(real)).mean()
                + functional.softplus(self.score(fake)).mean()
            )
        real = real.clone().requires_grad_()
        if game == "r1":
            of_real = self.score(real)
            loss = functional.softplus(-of_real).mean()
            loss = loss + functional.softplus(self.score(fake)).mean()
            return loss + 5 * score_slope(of_real, real).flatten(1).square().sum(1).mean()
        fake = fake.requires_grad_()
        of_real, of_fake = self.score(real), self.score(fake)
        slopes = [score_slope(s, x) for s, x in ((of_real, real), (of_fake, fake))]
        penalty = sum(slope.flatten(1).square().sum(1).mean() for slope in slopes)
        return functional.softplus(of_fake - of_real).mean() + 5 * penalty

    def generator_loss(self, real, fake):
        """What the generator minimises."""
        scores = self.score(fake)
        if self.task.game == "wgangp":
            return -scores.mean()
        if self.task.game == "r3gan":
            return functional.softplus(self.score(real) - scores).mean()
        return functional.softplus(-scores).mean()

    def step(self):
        """One step of the generator, and those of the discriminator before it."""
        of_generator, of_discriminator = self.optimizers
        self.discriminator.requires_grad_(True)
        for _ in range(self.task.discriminator_steps):
            real = self.real()
            with torch.no_grad():
                fake = self.samples()
            of_discriminator.zero_grad()
            self.discriminator_loss(real, fake.detach()).backward()
            of_discriminator.step()
        self.discriminator.requires_grad_(False)  # its gradients are not computed
        of_generator.zero_grad()
        self.generator_loss(real, self.samples()).backward()
        of_generator.step()

    def run(self, steps: int) -> None:
        """Takes steps."""
        torch.set_num_threads(self.threads)
        for _ in range(steps):
            self.step()
