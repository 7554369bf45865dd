#!/usr/bin/env bash
# A functional model of one class changes the base class of another one.
#
# keras==3.15.1, jax==0.10.2; Python 3.11, Linux, CPU
# A good guess: two classes that share a base `class Ability(keras.Model)` are independent. `Drawn`, made
#   with inputs and outputs, is a functional model; `Plain`, which has a constructor of its own, is
#   a subclassed one, whichever of the two is made first.
# What happens: making a `Drawn` replaces keras.Model by Functional among the bases of `Ability`
#   itself, for the whole process. From then on a `Plain` can no longer be made: its
#   `super().__init__()` is that of Functional, which asks for inputs and outputs.
# Seen:
#   before: a Plain is made; bases of Ability: ['Model']
#   after:  bases of Ability: ['Functional']
#   TypeError: Functional.__init__() missing 2 required positional arguments: 'inputs' and 'outputs'
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 jax==0.10.2
cat > "$folder/program.py" <<'PY'
import keras


class Ability(keras.Model):
    pass


class Drawn(Ability):
    pass


class Plain(Ability):
    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(1)


def bases():
    return [base.__name__ for base in Ability.__bases__]


Plain()
print("before: a Plain is made; bases of Ability:", bases())
x = keras.Input((2,))
Drawn(x, keras.layers.Dense(1)(x))
print("after:  bases of Ability:", bases())
assert bases() == ["Functional"]
try:
    Plain()
except TypeError as error:
    print(f"TypeError: {error}")
    assert "missing 2 required positional arguments: 'inputs' and 'outputs'" in str(error)
else:
    raise SystemExit("a Plain can still be made: the surprise is gone")
PY
KERAS_BACKEND=jax "$folder/venv/bin/python" "$folder/program.py"
