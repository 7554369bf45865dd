"""Pictures of samples, of densities and critics over the plane, and charts of scores."""

from keras_gan.plotting.charts import line_charts
from keras_gan.plotting.curves import curves_image
from keras_gan.plotting.directions import directions_image
from keras_gan.plotting.planes import captioned, density_image, points_image
from keras_gan.plotting.samples import image_grid, picture_of, rows_of_images, scatter
from keras_gan.plotting.showing import show
from keras_gan.plotting.surfaces import surface_image

__all__ = [
    "captioned",
    "curves_image",
    "density_image",
    "directions_image",
    "image_grid",
    "line_charts",
    "picture_of",
    "points_image",
    "rows_of_images",
    "scatter",
    "show",
    "surface_image",
]
