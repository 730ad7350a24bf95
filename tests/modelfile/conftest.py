"""A stored model."""

import pytest
from modelfile.models import example

from lstmcli.modelfile import write_model


@pytest.fixture
def model_path(tmp_path):
    path = tmp_path / "model.h5"
    write_model(path, example())
    return path
