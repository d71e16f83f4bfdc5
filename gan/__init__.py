"""The chapter's GAN (listing 5.2.1): as printed, corrected, and with labels.

In the order in which to read it:

  model        the generator and the discriminator
  losses       what each of them minimises, beside the formula
  step         one step of both, and an epoch of steps
  train        the three variants; from images to a run directory; its loop is training.loop
  trained      the run read back: images as a function of seed and index
  listing      the two defects of the listing that train and show nothing
  conditional  the same pair with labels
  config, generate: the flags, the command
"""
