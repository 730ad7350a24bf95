"""Every kernel again in plain NumPy loops and float64, from the formulas: the reference of the tests."""

import math

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def hard_sigmoid(x):
    return np.clip(0.2 * np.asarray(x, np.float64) + 0.5, 0, 1)


def softsign(x):
    return x / (1 + np.abs(x))


def relu(x):
    return np.maximum(x, 0)


GATES = {0: sigmoid, 1: hard_sigmoid}
GATE_SLOPES = {
    0: lambda z: sigmoid(z) * sigmoid(-z),
    1: lambda z: np.where(np.abs(z) < 2.5, 0.2, 0.0),
}
STATES = {0: np.tanh, 1: softsign, 2: relu}
STATE_SLOPES = {
    0: lambda z: 1 / np.cosh(z) ** 2,
    1: lambda z: 1 / (1 + np.abs(z)) ** 2,
    2: lambda z: np.where(z > 0, 1.0, 0.0),
}


def _steps(start, stop, n, T, reverse):
    """The steps of observation n that count, in running order."""
    steps = [t for t in range(T) if start[n] <= t < stop[n]]
    return steps[::-1] if reverse else steps


def _gates(x, h, W, R, b):
    """Arguments of the gates i f g o of one observation at one step."""
    return np.split(W @ x + R @ h + b, 4)


def _peepholes(p, H):
    """Those of i f o: rows of p[3H], or zeros."""
    return np.zeros((3, H)) if p is None else np.array(p, np.float64).reshape(3, H)


def lstm_forward(x, W, R, b, h0, c0, start, stop, gate, state, reverse, p=None):
    """h[T, B, H], hT[B, H], cT[B, H]."""
    x, W, R, b, h0, c0 = (np.array(a, np.float64) for a in (x, W, R, b, h0, c0))
    T, B, _ = x.shape
    sg, ss, (pi, pf, po) = GATES[gate], STATES[state], _peepholes(p, R.shape[1])
    h, hT, cT = np.zeros((T, B, R.shape[1])), h0.copy(), c0.copy()
    for n in range(B):
        for t in _steps(start, stop, n, T, reverse):
            zi, zf, zg, zo = _gates(x[t, n], hT[n], W, R, b)
            cT[n] = sg(zf + pf * cT[n]) * cT[n] + sg(zi + pi * cT[n]) * ss(zg)
            hT[n] = sg(zo + po * cT[n]) * ss(cT[n])
            h[t, n] = hT[n]
    return h, hT, cT


def lstm_inside(x, W, R, b, h0, c0, start, stop, gate, state, reverse, p=None):
    """i f g o c h of each step that counts, [6, T, B, H], of others 0."""
    x, W, R, b, h0, c0 = (np.array(a, np.float64) for a in (x, W, R, b, h0, c0))
    (T, B, _), H = x.shape, R.shape[1]
    sg, ss, (pi, pf, po) = GATES[gate], STATES[state], _peepholes(p, H)
    found = np.zeros((6, T, B, H))
    for n in range(B):
        h, c = h0[n], c0[n]
        for t in _steps(start, stop, n, T, reverse):
            zi, zf, zg, zo = _gates(x[t, n], h, W, R, b)
            i, f, g = sg(zi + pi * c), sg(zf + pf * c), ss(zg)
            c = f * c + i * g
            o = sg(zo + po * c)
            h = o * ss(c)
            found[:, t, n] = i, f, g, o, c, h
    return found


def lstm_backward(x, W, R, b, h0, c0, start, stop, gate, state, reverse, dh, dhT, dcT, p=None):
    """dx, dW, dR, db, dh0, dc0, and dp if there is a p, from the gradients of h (or None), hT and cT."""
    x, W, R, b, h0, c0 = (np.array(a, np.float64) for a in (x, W, R, b, h0, c0))
    T, B, _ = x.shape
    sg, ss, dsg, dss = GATES[gate], STATES[state], GATE_SLOPES[gate], STATE_SLOPES[state]
    dx, dW, dR, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(R), np.zeros_like(b)
    dh0, dc0 = np.array(dhT, np.float64), np.array(dcT, np.float64)
    pi, pf, po = _peepholes(p, R.shape[1])
    dp = np.zeros((3, R.shape[1]))
    for n in range(B):
        steps, states = _steps(start, stop, n, T, reverse), [(h0[n], c0[n])]
        for t in steps:
            h, c = states[-1]
            zi, zf, zg, zo = _gates(x[t, n], h, W, R, b)
            c = sg(zf + pf * c) * c + sg(zi + pi * c) * ss(zg)
            states.append((sg(zo + po * c) * ss(c), c))
        for k in range(len(steps) - 1, -1, -1):
            t, (h, c_before), c = steps[k], states[k], states[k + 1][1]
            zi, zf, zg, zo = _gates(x[t, n], h, W, R, b)
            zi, zf, zo = zi + pi * c_before, zf + pf * c_before, zo + po * c
            e = dh0[n] + (0 if dh is None else dh[t, n])
            do = e * ss(c) * dsg(zo)
            dc = dc0[n] + e * sg(zo) * dss(c) + do * po
            di, df, dg = dc * ss(zg) * dsg(zi), dc * c_before * dsg(zf), dc * sg(zi) * dss(zg)
            dz = np.concatenate([di, df, dg, do])
            dx[t, n], dh0[n], dc0[n] = W.T @ dz, R.T @ dz, dc * sg(zf) + di * pi + df * pf
            dp += di * c_before, df * c_before, do * c
            dW += np.outer(dz, x[t, n])
            dR += np.outer(dz, h)
            db += dz
    gradients = dx, dW, dR, db, dh0, dc0
    return gradients if p is None else (*gradients, dp.reshape(-1))


def _gru_arguments(x, h, W, R, b, sg, resets_state):
    """Arguments of the gates r z n of one observation at one step, and R_n h + b'_n."""
    H = len(h)
    given, back = W @ x + b[: 3 * H], R @ h + (b[3 * H :] if len(b) == 6 * H else 0)
    zr, zz = given[:H] + back[:H], given[H : 2 * H] + back[H : 2 * H]
    product = back[2 * H :]
    late = R[2 * H :] @ (sg(zr) * h) if resets_state else sg(zr) * product
    return zr, zz, given[2 * H :] + late, product


def gru_forward(x, W, R, b, h0, start, stop, gate, state, resets_state):
    """h[T, B, H], hT[B, H]."""
    x, W, R, b, h0 = (np.array(a, np.float64) for a in (x, W, R, b, h0))
    T, B, _ = x.shape
    sg, ss = GATES[gate], STATES[state]
    h, hT = np.zeros((T, B, R.shape[1])), h0.copy()
    for n in range(B):
        for t in _steps(start, stop, n, T, False):
            _, zz, zn, _ = _gru_arguments(x[t, n], hT[n], W, R, b, sg, resets_state)
            h[t, n] = hT[n] = (1 - sg(zz)) * ss(zn) + sg(zz) * hT[n]
    return h, hT


def gru_inside(x, W, R, b, h0, start, stop, gate, state, resets_state):
    """r z n h of each step that counts, [4, T, B, H], of others 0."""
    x, W, R, b, h0 = (np.array(a, np.float64) for a in (x, W, R, b, h0))
    T, B, _ = x.shape
    sg, ss = GATES[gate], STATES[state]
    found = np.zeros((4, T, B, R.shape[1]))
    for n in range(B):
        h = h0[n]
        for t in _steps(start, stop, n, T, False):
            zr, zz, zn, _ = _gru_arguments(x[t, n], h, W, R, b, sg, resets_state)
            r, z, c = sg(zr), sg(zz), ss(zn)
            h = (1 - z) * c + z * h
            found[:, t, n] = r, z, c, h
    return found


def gru_backward(x, W, R, b, h0, start, stop, gate, state, resets_state, dh, dhT):
    """dx, dW, dR, db, dh0 from the gradients of h (or None) and hT."""
    x, W, R, b, h0 = (np.array(a, np.float64) for a in (x, W, R, b, h0))
    (T, B, _), H = x.shape, R.shape[1]
    sg, ss, dsg, dss = GATES[gate], STATES[state], GATE_SLOPES[gate], STATE_SLOPES[state]
    dx, dW, dR, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(R), np.zeros_like(b)
    dh0 = np.array(dhT, np.float64)
    for n in range(B):
        steps, states = _steps(start, stop, n, T, False), [h0[n]]
        for t in steps:
            _, zz, zn, _ = _gru_arguments(x[t, n], states[-1], W, R, b, sg, resets_state)
            states.append((1 - sg(zz)) * ss(zn) + sg(zz) * states[-1])
        for t, h in zip(steps[::-1], states[-2::-1], strict=True):
            zr, zz, zn, product = _gru_arguments(x[t, n], h, W, R, b, sg, resets_state)
            e = dh0[n] + (0 if dh is None else dh[t, n])
            dn = e * (1 - sg(zz)) * dss(zn)
            dz = e * (h - ss(zn)) * dsg(zz)
            if resets_state:
                dlate = R[2 * H :].T @ dn
                dr, dproduct, straight = dlate * h * dsg(zr), dn, dlate * sg(zr)
                dR[2 * H :] += np.outer(dn, sg(zr) * h)
            else:
                dr, dproduct = dn * product * dsg(zr), dn * sg(zr)
                straight = R[2 * H :].T @ dproduct
                dR[2 * H :] += np.outer(dproduct, h)
            dgiven, dback = np.concatenate([dr, dz, dn]), np.concatenate([dr, dz, dproduct])
            dx[t, n] = W.T @ dgiven
            dh0[n] = e * sg(zz) + straight + R[: 2 * H].T @ dback[: 2 * H]
            dW += np.outer(dgiven, x[t, n])
            dR[: 2 * H] += np.outer(dback[: 2 * H], h)
            db += dgiven if len(b) == 3 * H else np.concatenate([dgiven, dback])
    return dx, dW, dR, db, dh0


def fully_connected_forward(x, W, b):
    return np.array([np.asarray(W, np.float64) @ row + b for row in np.asarray(x, np.float64)])


def fully_connected_backward(x, W, dy):
    """dx, dW, db."""
    x, W, dy = (np.array(a, np.float64) for a in (x, W, dy))
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros(len(W))
    for n in range(len(x)):
        dx[n] = W.T @ dy[n]
        dW += np.outer(dy[n], x[n])
        db += dy[n]
    return dx, dW, db


def _seen(x, W, stride, dilation):
    """For each row of windows of an image x[w, h, C], which rows and columns of x its windows take."""
    across, down = (
        [[k * s + f * d for f in range(size)] for k in range((side - (size - 1) * d - 1) // s + 1)]
        for side, size, s, d in zip(x.shape[:2], W.shape[1::-1], stride, dilation, strict=True)
    )
    return [[np.ix_(rows, columns) for columns in down] for rows in across]


def convolution_forward(x, W, b, stride, dilation):
    """y[w', h', N] of one image x[w, h, C], W[h, w, C, N]; stride and dilation along width and height."""
    x, W, b = (np.array(a, np.float64) for a in (x, W, b))
    windows = _seen(x, W, stride, dilation)
    return np.array([[b + np.einsum("whc,hwcn->n", x[seen], W) for seen in row] for row in windows])


def convolution_backward(x, W, dy, stride, dilation):
    """dx, dW, db."""
    x, W, dy = (np.array(a, np.float64) for a in (x, W, dy))
    dx, dW = np.zeros_like(x), np.zeros_like(W)
    for row, d_row in zip(_seen(x, W, stride, dilation), dy, strict=True):
        for seen, d in zip(row, d_row, strict=True):
            dx[seen] += np.einsum("hwcn,n->whc", W, d)
            dW += np.einsum("whc,n->hwcn", x[seen], d)
    return dx, dW, dy.sum(axis=(0, 1))


def pooling(x, size, stride, pads, kind):
    """y[w', h', C] of one image x[w, h, C]; size, stride and pads, before and after, along width and height.

    kind : "max", "mean", or "mean of data", which padding is none of
    """
    whole, counts = _padded(x, size, stride, pads)
    y = np.zeros((*counts, whole.shape[2]))
    for place in np.ndindex(*counts):
        seen = _window(whole, place, size, stride)
        if kind == "max":
            y[place] = np.nanmax(seen, axis=0)
        else:
            y[place] = np.nansum(seen, axis=0) / (
                len(seen) if kind == "mean" else np.sum(seen == seen, axis=0)
            )
    return y


def pooling_backward(x, dy, size, stride, pads, kind):
    """dx; of several largest elements of a window the first has the gradient, row by row of the image."""
    whole, counts = _padded(x, size, stride, pads)
    dx = np.zeros_like(whole)
    for place in np.ndindex(*counts):
        seen, d = _window(whole, place, size, stride), _window(dx, place, size, stride)
        if kind == "max":
            first = np.nanargmax(seen, axis=0)
            np.put_along_axis(d, first[None], np.take_along_axis(d, first[None], 0) + dy[place], 0)
        else:
            d += dy[place] / (len(seen) if kind == "mean" else np.sum(seen == seen, axis=0))
        _window(dx, place, size, stride, d)
    (left, _), (top, _) = pads
    return dx[left : left + x.shape[0], top : top + x.shape[1]]


def _padded(x, size, stride, pads):
    """The image with padding of NaN, and how many windows it has."""
    whole = np.pad(np.array(x, np.float64), (*pads, (0, 0)), constant_values=np.nan)
    return whole, [max(0, (n - s) // d + 1) for n, s, d in zip(whole.shape, size, stride, strict=False)]


def _window(whole, place, size, stride, values=None):
    """The elements [w h, C] of a window, row by row; their new values if there are some."""
    rows, columns = (slice(k * d, k * d + s) for k, d, s in zip(place, stride, size, strict=True))
    if values is not None:
        whole[rows, columns] = values.reshape(size[1], size[0], -1).transpose(1, 0, 2)
    return whole[rows, columns].transpose(1, 0, 2).reshape(size[0] * size[1], -1)


def softmax(x):
    return np.array(
        [np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in np.array(x, np.float64)]
    )


def softmax_backward(y, dy):
    """Each row of dy times the Jacobian diag(y) - y y'."""
    return np.array([(np.diag(p) - np.outer(p, p)) @ d for p, d in zip(y, dy, strict=True)])


def _attention_weights(q, k, causal):
    """Of one head of one observation: [steps, steps], a query's in a row."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    return softmax(np.where(np.tri(len(q)) > 0, scores, -np.inf) if causal else scores)


def _heads(q, k, v, start, stop, heads):
    """For each observation and head: its steps and channels in keys, and in values."""
    dk, dv = q.shape[2] // heads, v.shape[2] // heads
    for n in range(q.shape[1]):
        for h in range(heads if stop[n] > start[n] else 0):
            steps = slice(start[n], stop[n])
            yield (steps, n, slice(h * dk, (h + 1) * dk)), (steps, n, slice(h * dv, (h + 1) * dv))


def attention(q, k, v, start, stop, heads, causal):
    """o[T, B, V], 0 at steps that do not count."""
    q, k, v = (np.array(a, np.float64) for a in (q, k, v))
    o = np.zeros_like(v)
    for key, value in _heads(q, k, v, start, stop, heads):
        o[value] = _attention_weights(q[key], k[key], causal) @ v[value]
    return o


def attention_backward(q, k, v, start, stop, heads, causal, do):
    """The gradients of q, k and v beside one another."""
    q, k, v, do = (np.array(a, np.float64) for a in (q, k, v, do))
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for key, value in _heads(q, k, v, start, stop, heads):
        p = _attention_weights(q[key], k[key], causal)
        ds = softmax_backward(p, do[value] @ v[value].T) / np.sqrt(q[key].shape[1])
        dq[key], dk[key], dv[value] = ds @ k[key], ds.T @ q[key], p.T @ do[value]
    return np.concatenate([dq, dk, dv], axis=2)


def cross_entropy(y, t, w):
    """The sum, the rows that are right, the rows that count."""
    total, right, counted = 0.0, 0, 0
    for p, k in zip(np.array(y, np.float64), t, strict=True):
        if k >= 0:
            total -= w[k] * np.log(p[k])
            right += int(np.argmax(p) == k)
            counted += 1
    return total, right, counted


def cross_entropy_gradient(y, t, w, scale):
    """With respect to the argument of the softmax, by the softmax's Jacobian."""
    dx = np.zeros(np.shape(y))
    for n, (p, k) in enumerate(zip(np.array(y, np.float64), t, strict=True)):
        if k >= 0:
            dy = np.zeros(len(p))
            dy[k] = -scale * w[k] / p[k]
            dx[n] = softmax_backward([p], [dy])[0]
    return dx


def half_squared_error(y, t, weight):
    return sum(
        float(q) / 2 * float(np.sum((np.array(a, np.float64) - b) ** 2))
        for a, b, q in zip(y, t, weight, strict=True)
        if q != 0
    )


def half_squared_error_gradient(y, t, weight):
    dy = np.zeros(np.shape(y))
    for n, q in enumerate(weight):
        if q != 0:
            dy[n] = q * (np.array(y[n], np.float64) - t[n])
    return dy


def sgdm(w, g, velocity, rates, momentum):
    """New w, velocity."""
    velocity = momentum * velocity - rates[:, None] * g
    return w + velocity, velocity


def rmsprop(w, g, v, rates, decay, epsilon):
    """New w, v."""
    v = decay * v + (1 - decay) * g**2
    return w - rates[:, None] * g / (np.sqrt(v) + epsilon), v


def adam(w, g, m, v, rates, beta1, beta2, epsilon, iteration):
    """New w, m, v."""
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    rate = rates[:, None] * np.sqrt(1 - beta2**iteration) / (1 - beta1**iteration)
    return w - rate * m / (np.sqrt(v) + epsilon), m, v


def logistic_of_cubic(x):
    """(1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, and its slope."""
    s = sigmoid(math.sqrt(8 / math.pi) * (x + 0.044715 * x**3))
    other = sigmoid(-math.sqrt(8 / math.pi) * (x + 0.044715 * x**3))
    return s, s * other * math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * x**2)


def normal_distribution(x):
    return np.vectorize(math.erfc, otypes=[float])(-np.asarray(x) / math.sqrt(2)) / 2


def normal_density(x):
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


ELEMENTWISE = {
    "relu": (lambda x, a: np.maximum(x, 0), lambda x, a: np.where(x > 0, 1.0, 0.0)),
    "leaky_relu": (lambda x, a: np.where(x < 0, a * x, x), lambda x, a: np.where(x < 0, a, 1.0)),
    "clipped_relu": (lambda x, a: np.clip(x, 0, a), lambda x, a: np.where((x > 0) & (x < a), 1.0, 0.0)),
    "elu": (
        lambda x, a: np.where(x < 0, a * np.expm1(np.minimum(x, 0)), x),
        lambda x, a: np.where(x < 0, a * np.exp(np.minimum(x, 0)), 1.0),
    ),
    "gelu": (
        lambda x, a: x * normal_distribution(x),
        lambda x, a: normal_distribution(x) + x * normal_density(x),
    ),
    "gelu_tanh": (
        lambda x, a: x * logistic_of_cubic(x)[0],
        lambda x, a: logistic_of_cubic(x)[0] + x * logistic_of_cubic(x)[1],
    ),
    "swish": (
        lambda x, a: x * sigmoid(x),
        lambda x, a: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
    ),
    "tanh": (lambda x, a: np.tanh(x), lambda x, a: 1 / np.cosh(x) ** 2),
    "sigmoid": (lambda x, a: sigmoid(x), lambda x, a: sigmoid(x) * sigmoid(-x)),
    "softplus": (lambda x, a: np.logaddexp(0, x), lambda x, a: sigmoid(x)),
}
"""y and dy/dx of x in float64 and the function's number."""


def multiply_backward(xs, dy):
    return [dy * np.prod([x for j, x in enumerate(xs) if j != k], axis=0) for k in range(len(xs))]
