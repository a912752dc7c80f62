"""Second forms for 01.swish_backward."""

import numpy as np
import torch
from torch.nn import functional as F


def right_product_rule(x, grad, beta):
    s = torch.sigmoid(beta * x)
    return grad * (s + beta * x * s * (1 - s))


def right_from_output(x, grad, beta):
    s = (beta * x).sigmoid()
    y = x * s
    return (beta * y + s * (1 - beta * y)) * grad


def right_factored(x, grad, beta):
    z = beta * x
    return grad * torch.sigmoid(z) * (1 + z * torch.sigmoid(-z))


def right_by_exponential(x, grad, beta):
    s = 1 / (1 + torch.exp(-beta * x))
    return grad * s + grad * beta * x * (s - s**2)


def right_by_tanh(x, grad, beta):
    s = (1 + (beta * x / 2).tanh()) / 2
    return torch.addcmul(s, beta * x, s - s**2) * grad


def right_autograd(x, grad, beta):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (leaf * torch.sigmoid(beta * leaf)).backward(grad)
    return leaf.grad


def right_entry_by_entry(x, grad, beta):
    made = []
    for value, arrived in zip(x.flatten(), grad.flatten(), strict=True):
        s = torch.sigmoid(beta * value)
        made.append(arrived * (s + beta * value * s * (1 - s)))
    return torch.stack(made).reshape(x.shape)


def right_float32(x, grad, beta):
    return right_product_rule(x.float(), grad.float(), beta)


def swish(x, beta):
    return F.silu(beta * x) / beta


def local(x, beta):
    z = beta * x
    return torch.sigmoid(z) * (1 + z * torch.sigmoid(-z))


def wrong_sigmoid_constant(x, grad, beta):
    return grad / (1 + torch.exp(-beta * x))


def wrong_factor_constant(x, grad, beta):
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(x * torch.sigmoid(beta * leaf), leaf, grad)[0]


def wrong_of_the_sigmoid(x, grad, beta):
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(torch.sigmoid(beta * leaf), leaf, grad)[0]


def wrong_sign(x, grad, beta):
    s = (beta * x).sigmoid()
    return s * (1 + beta * x * (s - 1)) * grad


def wrong_inner_factor_missing(x, grad, beta):
    z = beta * x
    return torch.sigmoid(z) * (1 + x * torch.sigmoid(-z)) * grad


def wrong_inner_factor_twice(x, grad, beta):
    s = (beta * x).sigmoid()
    return beta * grad * s + beta * grad * x * (s - s**2)


def wrong_beta_ignored(x, grad, beta):
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(F.silu(leaf), leaf, grad)[0]


def wrong_slope_incomplete(x, grad, beta):
    return (torch.sigmoid(beta * x) + beta * x * torch.sigmoid(-beta * x)) * grad


def wrong_rule_on_the_output(x, grad, beta):
    y = swish(x, beta)
    return (y - y**2) * grad


def wrong_grad_ignored(x, grad, beta):
    return local(x, beta)


def wrong_grad_added(x, grad, beta):
    s = (beta * x).sigmoid()
    return grad + beta * swish(x, beta) * (1 - s) + s


def wrong_forward_again(x, grad, beta):
    return swish(x, beta).mul(grad)


def wrong_of_relu(x, grad, beta):
    return (x > 0).double() * grad


def wrong_overflows_below(x, grad, beta):
    s = 1 / (1 + (-beta * x).exp())
    return grad * s * (1 + beta * x * (-beta * x).exp() * s)


def wrong_overflows(x, grad, beta):
    z, grad = beta * x.numpy(), grad.numpy()
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return grad * e * (1 + e + z) / np.square(1 + e)


def wrong_summed(x, grad, beta):
    return torch.dot(grad.flatten(), local(x, beta).flatten())


def wrong_averaged(x, grad, beta):
    leaf = x.clone().requires_grad_()
    (swish(leaf, beta) * grad).mean().backward()
    return leaf.grad


def wrong_grad_changed(x, grad, beta):
    grad *= local(x, beta)
    return grad.clone()


def wrong_x_changed(x, grad, beta):
    result = local(x, beta) * grad
    x.mul_(beta).sigmoid_()
    return result
