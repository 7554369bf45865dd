"""Layers that generative models are built from."""

from keras_gan.layers.class_proxies import ClassProxies
from keras_gan.layers.convolutions import (
    Conv1D,
    Conv1DTranspose,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    Conv3DTranspose,
)
from keras_gan.layers.corruption import GaussianNoise, MaskingNoise, SaltAndPepper
from keras_gan.layers.depthwise import DepthwiseConv2D
from keras_gan.layers.dropout import Dropout
from keras_gan.layers.equalized import EqualizedConv2D, EqualizedDense
from keras_gan.layers.gated_convolution import GatedConvolution
from keras_gan.layers.instance_noise import InstanceNoise
from keras_gan.layers.low_pass import (
    LowPassDownSampling2D,
    LowPassFilter2D,
    LowPassUpSampling2D,
)
from keras_gan.layers.minibatch_discrimination import MinibatchDiscrimination
from keras_gan.layers.minibatch_stddev import MinibatchStdDev
from keras_gan.layers.modulated_convolution import ModulatedConv2D
from keras_gan.layers.noise_injection import NoiseInjection
from keras_gan.layers.normalization import (
    GroupNormalization,
    InstanceNormalization,
    LayerNormalization,
)
from keras_gan.layers.one_hot import OneHot
from keras_gan.layers.padding import ReflectionPadding2D
from keras_gan.layers.phase_shuffle import PhaseShuffle
from keras_gan.layers.pixelcnn import PixelCNN
from keras_gan.layers.self_attention import SelfAttention
from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.layers.vector_quantizer import VectorQuantizer

__all__ = [
    "ClassProxies",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "DepthwiseConv2D",
    "Dropout",
    "EqualizedConv2D",
    "EqualizedDense",
    "GatedConvolution",
    "GaussianNoise",
    "GroupNormalization",
    "InstanceNoise",
    "InstanceNormalization",
    "LayerNormalization",
    "LowPassDownSampling2D",
    "LowPassFilter2D",
    "LowPassUpSampling2D",
    "MaskingNoise",
    "MinibatchDiscrimination",
    "MinibatchStdDev",
    "ModulatedConv2D",
    "NoiseInjection",
    "OneHot",
    "PhaseShuffle",
    "PixelCNN",
    "ReflectionPadding2D",
    "SaltAndPepper",
    "SelfAttention",
    "SpectralNormalization",
    "VectorQuantizer",
]
