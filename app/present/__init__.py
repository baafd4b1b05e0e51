"""What views show of an answer: words, rows, series and colours. No widgets, no drawing."""
