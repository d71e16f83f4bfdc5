"""The images that DATA can name, a file each; every file is found and its SOURCE is listed.

`load(place, image_size, denoise, quiet)` returns a data.images.dataset.ImageDataset; the arguments
are those of `data.images.load.load_images`, `place` is what stands behind the colon. `--help` reads
these files, so what is heavy is imported inside `load`.
"""
