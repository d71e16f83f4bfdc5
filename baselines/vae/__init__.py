"""The variational autoencoder (3.1, 4.1): model, step, train, what is drawn from it."""
