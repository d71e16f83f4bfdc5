"""The GAN (4.2.2, 5.2.1) on the page: part, its figures, its words."""
