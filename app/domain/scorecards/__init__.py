"""The scorecard value: everything a scorecard says, rounded and thresholded, with its digest."""
