"""A file a trial: what it asks, how large it is, what a seed changes, which function measures.

The folder is read, there is no list to keep. A file defines TRIALS, name -> Trial, and may bring
sentences of its own, CLAIMS; the chapter's are in chapter/claims/sentences.py. No file imports
TensorFlow: stored measures are judged without it. So `path` names the function that measures, of
chapter/claims/trials or of the file itself.
"""
