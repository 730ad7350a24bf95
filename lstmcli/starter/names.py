"""The names of the templates with what each network does. Light to import: completion reads it."""

LABEL, LABELS, ONE = "sequence-to-label", "sequence-to-sequence", "sequence-to-one-regression"
SEVERAL, FORECAST, CONVOLUTION = "sequence-to-sequence-regression", "forecasting", "convolution"
TEXT, VIDEO = "text-classification", "video-classification"

TITLES = {
    LABEL: "one class for each sequence",
    LABELS: "a class at each time step",
    ONE: "numbers for each sequence",
    SEVERAL: "numbers at each time step",
    FORECAST: "the next steps of series",
    TEXT: "one class for each text",
    VIDEO: "one class for each sequence of images",
    CONVOLUTION: "one class for each sequence, by convolutions along time",
}
