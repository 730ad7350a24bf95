"""Layers that MATLAB has and this program does not: what to write instead, or why there is nothing."""

_VOLUMES = "there are no layers of volumes: frames of a sequence are vectors or images"
_CODE = "it would run code of MATLAB"
_LARGER = "no layer makes larger images, or longer sequences, of what it takes"
_NORMALIZE = "`batchNormalization` and `layerNormalization` are here"
_OUTPUTS = "the output layers are `classification`, with `ClassWeights`, and `regression`"
_IN_ADVANCE = "transform the signals before they are written to a file"
_COMPLEX = "data is real: give the real and the imaginary part as channels"
_ORDER = "data keep the order of their dimensions; `flatten` makes vectors of images"
_POSITIONS = "recurrent layers and convolutions know the order of steps; a column of data may be the position"

ABSENT = {
    "input": "it is `sequenceInput: 12`, with the number of channels",
    "featureInput": "it is `sequenceInput: 12`: an observation is a sequence, if need be of one step",
    "imageInput": "it is `sequenceInput: [height, width, channels]`: an observation is a sequence of images",
    "image3dInput": _VOLUMES,
    "pointCloudInput": _VOLUMES,
    "embedding": "`wordEmbedding` learns a vector for each word, or number, of a sequence",
    "positionEmbedding": _POSITIONS,
    "sinusoidalPositionEncoding": _POSITIONS,
    "patchEmbedding": "`convolution2d` with a `Stride` as large as its `FilterSize` is one",
    "attention": "`selfAttention` is here, whose queries, keys and values come from one input",
    "gruProjected": "`lstmProjected` is here, and `gru` without projections",
    "neuralODE": _CODE,
    "function": f"{_CODE}; `flip` stands for `functionLayer(@(X) flip(X,3))`",
    "network": "write its layers into the list",
    "identity": "leave it out: `inputs` and `connections` name any layer",
    "prelu": "`leakyRelu` has a slope for negative inputs that is given, not learned",
    "scaling": "`Normalization` of sequenceInput scales data; a normalization layer learns its scale",
    "groupNormalization": _NORMALIZE,
    "instanceNormalization": _NORMALIZE,
    "crossChannelNormalization": _NORMALIZE,
    "groupedConvolution2d": "`convolution2d` is here, whose filters take all channels",
    "transposedConv1d": _LARGER,
    "transposedConv2d": _LARGER,
    "maxUnpooling2d": _LARGER,
    "resize2d": _LARGER,
    "depthToSpace2d": _LARGER,
    "spaceToDepth": "`convolution2d` with a `Stride` makes smaller images of more channels",
    "adaptiveAveragePooling2d": "`averagePooling2d` and `globalAveragePooling2d` are here",
    "crop2d": "`Padding: same` keeps images of one size, which need no cropping",
    "permute": _ORDER,
    "reshape": _ORDER,
    **dict.fromkeys(
        (
            *("convolution3d", "transposedConv3d", "maxPooling3d", "averagePooling3d"),
            *("globalMaxPooling3d", "globalAveragePooling3d", "crop3d", "resize3d"),
        ),
        _VOLUMES,
    ),
    **dict.fromkeys(("stft", "istft", "cwt", "icwt", "modwt"), _IN_ADVANCE),
    **dict.fromkeys(("complexRelu", "complexFullyConnected", "complexToReal", "realToComplex"), _COMPLEX),
    **dict.fromkeys(
        (
            *("pixelClassification", "dicePixelClassification", "focalLoss"),
            *("customClassification", "customRegression"),
        ),
        _OUTPUTS,
    ),
}
"""MATLAB's function without `Layer` -> the help line of a spec that names it."""
