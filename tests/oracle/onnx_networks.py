"""The same recurrent networks as ONNX graphs, run with ONNX Runtime on the CPU."""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = 14
GATES = {"sigmoid": "Sigmoid", "hard-sigmoid": "HardSigmoid"}
STATES = {"tanh": "Tanh", "softsign": "Softsign", "relu": "Relu"}


class Builder:
    """Nodes and constants of a graph, one after another."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, array, dtype=np.float32):
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, dtype), name))
        return name

    def node(self, operator, *inputs, outputs=1, **attributes):
        names = [f"{operator}_{self.count}_{k}" for k in range(outputs)]
        self.count += 1
        self.nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def session(self, shape, outputs, masked, threads=0):
        """ONNX Runtime, ready to compute these outputs of x of shape [T, B, C] and, if masked, lengths[B].

        threads : how many it uses, 0 for as many as it likes
        """
        inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
        if masked:
            inputs.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, [shape[1]]))
        infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        graph = helper.make_graph(self.nodes, "network", inputs, infos, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=7)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def run(self, x, lengths, outputs):
        """The values of these outputs for x[T, B, C] and, unless None, lengths[B]."""
        masked = lengths is not None
        feed = {"x": x} | ({"lengths": np.array(lengths, np.int32)} if masked else {})
        return self.session(x.shape, outputs, masked).run(outputs, feed)


def lstm(builder, x, layer, weights, observations, masked):
    """The operator LSTM for a layer with its weights: names of all steps [T, B, DH], last [B, DH] and cell.

    ONNX has the gates in the order i o f c, peepholes in the order i o f, and bias and states apart for each
    direction.
    """
    D, H = layer.directions, layer.num_hidden_units

    def reorder(rows):
        i, f, g, o = np.split(rows, 4)
        return np.concatenate([i, o, f, g])

    W, R, b = (
        np.stack([reorder(rows) for rows in np.split(weights[name], D)])
        for name in ("InputWeights", "RecurrentWeights", "Bias")
    )
    h0, c0 = (
        np.repeat(weights[name].reshape(D, 1, H), observations, axis=1)
        for name in ("HiddenState", "CellState")
    )
    peepholes = ()
    if "PeepholeWeights" in weights:
        p_i, p_f, p_o = np.split(weights["PeepholeWeights"].reshape(D, 3 * H), 3, axis=1)
        peepholes = (builder.constant(np.concatenate([p_i, p_o, p_f], axis=1)),)
    every, last, cell = builder.node(
        "LSTM",
        x,
        *(builder.constant(array) for array in (W, R, np.concatenate([b, np.zeros_like(b)], axis=1))),
        "lengths" if masked else "",
        *(builder.constant(array) for array in (h0, c0)),
        *peepholes,
        outputs=3,
        hidden_size=H,
        direction="bidirectional" if D == 2 else "forward",
        **activations(layer, 2),
    )
    return sequence(builder, every, D * H), *(state(builder, part, D * H) for part in (last, cell))


def gru(builder, x, layer, weights, observations, masked):
    """The operator GRU for a layer with its weights: names of all steps [T, B, H] and last [B, H].

    ONNX has the gates in the order z r h, and two biases, which it adds but for the candidate's where the
    product is reset: there is none of R, or it is the layer's own.
    """
    H, mode = layer.num_hidden_units, layer.reset_gate_mode

    def reorder(rows):
        r, z, h = np.split(rows, 3)
        return np.concatenate([z, r, h])

    W, R = (reorder(weights[name])[None] for name in ("InputWeights", "RecurrentWeights"))
    b = weights["Bias"]
    two = np.split(b, 2) if mode == "recurrent-bias-after-multiplication" else (b, np.zeros_like(b))
    every, last = builder.node(
        "GRU",
        x,
        *(builder.constant(array) for array in (W, R, np.concatenate([reorder(own) for own in two])[None])),
        "lengths" if masked else "",
        builder.constant(np.repeat(weights["HiddenState"][None, None], observations, axis=1)),
        outputs=2,
        hidden_size=H,
        linear_before_reset=int(mode != "before-multiplication"),
        **activations(layer, 1),
    )
    return sequence(builder, every, H), state(builder, last, H)


RECURRENT = {"lstm": lstm, "bilstm": lstm, "gru": gru, "peepholeLSTM": lstm}
"""Word of a layer -> what adds its operator."""


def activations(layer, states):
    """What an operator with so many state activations calls those of a layer."""
    D, gate = layer.directions, GATES[layer.gate_activation_function]
    attributes = {"activations": [gate, *states * [STATES[layer.state_activation_function]]] * D}
    if gate == "HardSigmoid":
        attributes.update(activation_alpha=[0.2] * D, activation_beta=[0.5] * D)
    return attributes


def sequence(builder, every, width):
    """[T, B, DH] of an operator's [T, D, B, H]."""
    return reshape(builder, builder.node("Transpose", every, perm=[0, 2, 1, 3]), [0, 0, width])


def state(builder, last, width):
    """[B, DH] of an operator's [D, B, H]."""
    return reshape(builder, builder.node("Transpose", last, perm=[1, 0, 2]), [0, width])


def fully_connected(builder, x, weights):
    """x W' + b at each step."""
    product = builder.node("MatMul", x, builder.constant(weights["Weights"].T))
    return builder.node("Add", product, builder.constant(weights["Bias"]))


def softmax(builder, x):
    """Over the channels."""
    return builder.node("Softmax", x, axis=-1)


def reshape(builder, x, shape):
    """0 keeps a side as it is."""
    return builder.node("Reshape", x, builder.constant(shape, np.int64))
