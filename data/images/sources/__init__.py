"""The images that DATA can name, a file each; every file is found and its SOURCE is listed.

`load(place, form, quiet)` returns a data.images.dataset.ImageDataset; `place` is what stands behind
the colon, `form` a data.images.resizing.Form. `--help` reads these files, so what is heavy is
imported inside `load`.
"""
