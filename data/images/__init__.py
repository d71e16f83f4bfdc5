"""Images: `load` is the door, `dataset` what comes out, one file a source or step."""
