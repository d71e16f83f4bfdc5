"""The chapter's GAN (listing 5.2.1): as printed, corrected, and with labels."""
