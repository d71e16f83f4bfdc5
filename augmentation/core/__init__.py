"""What a transform is: draw, apply, compose; randomness, warps, labels and boxes in step."""
