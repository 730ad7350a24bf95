"""Room 3: one layer, one file; this list names them all, in the order of the README's table."""

from lstmcli.layers.addition import Addition
from lstmcli.layers.average_pooling1d import AveragePooling1d
from lstmcli.layers.average_pooling2d import AveragePooling2d
from lstmcli.layers.batch_normalization import BatchNormalization
from lstmcli.layers.bilstm import Bilstm
from lstmcli.layers.classification_output import ClassificationOutput
from lstmcli.layers.clipped_relu import ClippedRelu
from lstmcli.layers.concatenation import Concatenation
from lstmcli.layers.convolution1d import Convolution1d
from lstmcli.layers.convolution2d import Convolution2d
from lstmcli.layers.depth_concatenation import DepthConcatenation
from lstmcli.layers.dropout import Dropout
from lstmcli.layers.elu import Elu
from lstmcli.layers.flatten import Flatten
from lstmcli.layers.flip import Flip
from lstmcli.layers.fully_connected import FullyConnected
from lstmcli.layers.gelu import Gelu
from lstmcli.layers.global_average_pooling1d import GlobalAveragePooling1d
from lstmcli.layers.global_average_pooling2d import GlobalAveragePooling2d
from lstmcli.layers.global_max_pooling1d import GlobalMaxPooling1d
from lstmcli.layers.global_max_pooling2d import GlobalMaxPooling2d
from lstmcli.layers.gru import Gru
from lstmcli.layers.indexing1d import Indexing1d
from lstmcli.layers.layer import Layer
from lstmcli.layers.layer_normalization import LayerNormalization
from lstmcli.layers.leaky_relu import LeakyRelu
from lstmcli.layers.lstm import Lstm
from lstmcli.layers.lstm_projected import LstmProjected
from lstmcli.layers.max_pooling1d import MaxPooling1d
from lstmcli.layers.max_pooling2d import MaxPooling2d
from lstmcli.layers.multiplication import Multiplication
from lstmcli.layers.peephole_lstm import PeepholeLstm
from lstmcli.layers.regression_output import RegressionOutput
from lstmcli.layers.relu import Relu
from lstmcli.layers.self_attention import SelfAttention
from lstmcli.layers.sequence_folding import SequenceFolding
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.layers.sequence_unfolding import SequenceUnfolding
from lstmcli.layers.sigmoid import Sigmoid
from lstmcli.layers.softmax import Softmax
from lstmcli.layers.softplus import Softplus
from lstmcli.layers.spatial_dropout import SpatialDropout
from lstmcli.layers.swish import Swish
from lstmcli.layers.tanh import Tanh
from lstmcli.layers.word_embedding import WordEmbedding

LAYERS: tuple[type[Layer], ...] = (
    SequenceInput,
    WordEmbedding,
    Lstm,
    Bilstm,
    Gru,
    LstmProjected,
    PeepholeLstm,
    FullyConnected,
    SelfAttention,
    Convolution1d,
    Convolution2d,
    MaxPooling1d,
    AveragePooling1d,
    GlobalMaxPooling1d,
    GlobalAveragePooling1d,
    Indexing1d,
    Flip,
    MaxPooling2d,
    AveragePooling2d,
    GlobalMaxPooling2d,
    GlobalAveragePooling2d,
    Relu,
    LeakyRelu,
    ClippedRelu,
    Elu,
    Gelu,
    Swish,
    Tanh,
    Sigmoid,
    Softplus,
    BatchNormalization,
    LayerNormalization,
    Dropout,
    SpatialDropout,
    Addition,
    Multiplication,
    Concatenation,
    DepthConcatenation,
    Flatten,
    SequenceFolding,
    SequenceUnfolding,
    Softmax,
    ClassificationOutput,
    RegressionOutput,
)
