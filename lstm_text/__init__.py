"""The chapter's stacked-LSTM character generator (4.3.2, 5.2.2, 5.3.2).

In the order in which to read it:

  model        the chapter's layers in Keras, and the same with its state in the open
  streams      the text as inputs and targets, each step going on where the last one stopped
  step         the loss, the optimizer, one step
  train        from a text to a run directory; its loop is training.loop
  origin       the weights that --from takes from an older run
  trained      the run read back: text as a function of seed and stream
  sampler      how a character is drawn from the logits
  score        how well a text is predicted, and how sure the model should be
  recurrent    the LSTM layer made for speed, of the same weights as Keras's
  config, generate: the flags, the command
"""
