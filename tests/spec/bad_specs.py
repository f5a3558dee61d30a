"""Specs that must be refused, by what is wrong with them."""

import json

__all__ = ["BAD_SPECS", "NASTIEST"]


def items(network: str, rest: str = "") -> str:
    """A spec with these items for a network."""
    return f"input: [3, 32, 32]\n{rest}network:\n{network}\n"


def item(text: str, rest: str = "") -> str:
    """A spec whose network is one item on line 3, between two good ones."""
    return items(f"  - identity\n  - {text}\n  - relu", rest).replace(
        "network:\n  - identity\n", "network:\n"
    )


def value(expression: str, rest: str = "settings: {a: 3, list: [1, 2], word: relu}\n") -> str:
    """A spec with a convolution that has as many channels as an expression says."""
    return item(f"conv: {{out: {json.dumps(expression)}}}", rest)


def blocks(text: str, network: str = "  - a") -> str:
    """A spec with these blocks."""
    return f"input: [3, 32, 32]\nblocks:\n{text}network:\n{network}\n"


def overridden(text: str) -> str:
    """A spec with two variants and more beside them."""
    variants = "settings: {width: 64}\nvariants: {small: {width: 32}, large: {}}\n"
    return f"input: [3, 32, 32]\n{variants}{text}network: [relu]\n"


def nested_compare() -> str:
    """Each level holds the one below as the middle of three operands."""
    text = "1"
    for _ in range(36):
        text = f"1<({text})<1"
    return text


def doubling_blocks(levels: int, last: str) -> str:
    lines = [f"  b{i}: {{do: [b{i + 1}, b{i + 1}]}}\n" for i in range(levels)]
    return blocks("".join(lines) + f"  b{levels}: {{do: {last}}}\n", "  - b0")


def alias_bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    return "\n".join(lines) + "\n"


TEXTS: dict[str, str | bytes] = {
    "empty file": "",
    "only a comment": "# nothing\n",
    "a list at the top": "- relu\n- relu\n",
    "a word at the top": "relu\n",
    "not UTF-8": b"input: [3, 32, 32]\ntitle: Caf\xe9\nnetwork: [relu]\n",
    "UTF-16": "input: [3, 32, 32]\nnetwork: [relu]\n".encode("utf-16"),
    "a control character": "input: [3, 32, 32]\nnetwork: [relu] # \x07\n",
    "an escape for the terminal": 'input: [3, 32, 32]\nnetwork: ["\\e[31mred"]\n',
    "a tab": "input: [3, 32, 32]\nnetwork:\n\t- relu\n",
    "a bracket never closed": "input: [3, 32, 32]\nnetwork:\n  - conv: {out: [1, 2}\n",
    "a brace never closed": "input: [3, 32, 32]\nnetwork:\n  - {conv: {out: 8}\n  - relu\n",
    "a duplicate key": "input: [3, 32, 32]\nnetwork: [relu]\ninput: [1, 32, 32]\n",
    "a duplicate argument": item("conv: {out: 8, out: 16}"),
    "two documents": "input: [3, 32, 32]\nnetwork: [relu]\n---\nnetwork: [relu]\n",
    "an anchor": item("&here relu"),
    "an alias": item("*here"),
    "a merge key": "input: [3, 32, 32]\nsettings: {<<: {a: 1}}\nnetwork: [relu]\n",
    "an alias bomb": alias_bomb(),
    "a python tag": item("!!python/object/apply:os.system ['true']"),
    "a tag on a word": item("!!str relu"),
    "a key that is no word": "? [a, b]\n: 1\n",
    "a mapping of 10^4 keys": "settings: {" + ", ".join(f"s{i}: 1" for i in range(10_000)) + "}\n",
    "more than 1 MB": item("relu") + "# padding\n" * 100_000,
    "more than 1 MB, fewer characters": item("relu") + "# " + "é" * 600_000 + "\n",
    "100000 brackets": "input: [3, 32, 32]\nnetwork: " + "[" * 100_000,
    "100000 braces": "input: [3, 32, 32]\nnetwork: " + "{a: " * 100_000,
    "100000 dashes": "input: [3, 32, 32]\nnetwork:\n" + "- " * 100_000,
    "brackets 100 deep": item("[" * 100 + "relu" + "]" * 100),
    "a list of 10^6 elements": f"input: [{'1,' * 10**6}]\n",
    "a list of 10^5 elements": f"input: [{'1,' * 10**5}]\n",
    "a list of 2000 elements": f"settings: {{a: [{'1,' * 2000}]}}\ninput: [3, 32, 32]\nnetwork: [relu]\n",
    "a huge number": f"input: [3, {'9' * 400_000}, 32]\nnetwork: [relu]\n",
    "1e400": item("conv: {out: 1e400}"),
    "brackets between braces": item("conv: {out: list[2]}"),
    "infinity": "input: [3, 32, 32]\nsettings: {a: .inf}\nnetwork: [relu]\n",
    "not a number": "input: [3, 32, 32]\nsettings: {a: .nan}\nnetwork: [relu]\n",
}
"""What is wrong with the text, before anyone asks what it means."""

PARTS: dict[str, str] = {
    "no network": "input: [3, 32, 32]\nnetwrok: [relu]\n",
    "blocks only": "blocks:\n  a: {do: [relu]}\n",
    "no items": "input: [3, 32, 32]\nnetwork: []\n",
    "network of null": "input: [3, 32, 32]\nnetwork:\n",
    "nothing but identity": "input: [3, 32, 32]\nnetwork: [identity]\n",
    "no input": "network: [relu]\n",
    "input is a number": "input: 224\nnetwork: [relu]\n",
    "input of words": "input: [3, height, width]\nnetwork: [relu]\n",
    "input with a zero": "input: [3, 0, 32]\nnetwork: [relu]\n",
    "input of rank 50": f"input: [3{', 1' * 49}]\nnetwork: [relu]\n",
    "input of a variant": "input: [3, 32, 32]\nvariants:\n  small:\n    input: 16\nnetwork: [relu]\n",
    "an unknown part": "input: [3, 32, 32]\nvariant: {a: {}}\nnetwork: [relu]\n",
    "settings are a list": "input: [3, 32, 32]\nsettings: [1, 2]\nnetwork: [relu]\n",
    "a setting that is a mapping": "input: [3, 32, 32]\nsettings: {a: {b: 1}}\nnetwork: [relu]\n",
    "a setting that is no word": "input: [3, 32, 32]\nsettings: {a-b: 1}\nnetwork: [relu]\n",
    "a setting called lambda": "input: [3, 32, 32]\nsettings: {lambda: 1}\nnetwork: [relu]\n",
    "a setting called input": "input: [3, 32, 32]\nsettings: {input: 1}\nnetwork: [{conv: {out: input}}]\n",
    "a setting called in_channels": "input: [3, 32, 32]\nsettings: {in_channels: 1}\nnetwork: [relu]\n",
    "a variant of an unknown setting": item(
        "relu", "settings: {width: 64}\nvariants:\n  small: {}\n  large:\n    widht: 32\n"
    ),
    "an alias to nowhere": overridden("aliases: {mini: smal}\n"),
    "an alias that is a variant": overridden("aliases: {small: large}\n"),
    "claims that are no list": overridden("claims: {variant: small}\n"),
    "a claim that is a word": overridden("claims: [2.3M]\n"),
    "a claim about no variant": overridden("claims: [{params: 2.3M}]\n"),
    "a claim about an unknown variant": overridden("claims: [{variant: smal, params: 2.3M}]\n"),
    "a claim of an unknown metric": overridden("claims: [{variant: small, parms: 2.3M}]\n"),
    "a claim without a figure": overridden("claims: [{variant: small, where: Table 5}]\n"),
    "a claim that is no figure": overridden("claims: [{variant: small, params: many}]\n"),
    "a claim of half a parameter": overridden("claims: [{variant: small, params: 1.5}]\n"),
    "a count of an unknown metric": overridden(
        "claims: [{variant: small, params: 2M, counted: {param: 2M}}]\n"
    ),
    "a paper with an unknown key": overridden("paper: {arxive: '1512.03385'}\n"),
    "a block called relu": blocks("  relu: {do: [sigmoid]}\n", "  - relu"),
    "a block called do": blocks("  do: {do: [relu]}\n", "  - relu"),
    "a block called like a shared one": blocks("  conv_bn: {do: [relu]}\n", "  - relu"),
    "a block with a dash": blocks("  my-block: {do: [relu]}\n", "  - my-block"),
    "a block that is a list": blocks("  a: [relu]\n"),
    "a block with an unknown key": blocks("  a: {args: {b: 1}, do: [relu]}\n"),
    "an argument that is no word": blocks("  a: {arguments: {2x: 1}, do: [relu]}\n"),
    "a default that looks ahead": blocks("  a: {arguments: {b: c, c: 1}, do: [relu]}\n"),
    "inline is a word": blocks("  a: {inline: yes, do: [relu]}\n"),
}
"""What is wrong with the parts of a spec beside its network."""

CALLS: dict[str, str] = {
    "an unknown operator": item("rellu"),
    "an unknown operator with arguments": item("max_poool: {kernel: 3}"),
    "an unknown operator, unlike any": item("{quantum_entangle: {out: 3}}"),
    "an operator with an unknown argument": item("conv: {out: 8, kernal: 3}"),
    "an operator with an argument unlike any": item("relu: {xyz: 3}"),
    "an operator that misses an argument": item("conv: {kernel: 3}"),
    "an operator with a list of arguments": item("conv: [8, 3]"),
    "a block with an unknown argument": blocks(
        "  a: {arguments: {width: 8}, do: [relu]}\n", "  - a: {widht: 3}"
    ),
    "a block that misses an argument": blocks("  a: {arguments: {width: required}, do: [relu]}\n"),
    "two operators in an item": item("{conv: {out: 8}, relu: {}}"),
    "an item that is a number": item("3"),
    "an item that is null": item("~"),
    "an item with nothing in it": item("{}"),
    "a join without branches": item("add"),
    "use of an unknown block": item("use: blok", "settings: {block: relu}\n"),
    "use of a setting that is none": item("use: block", "settings: {block: basic}\n"),
    "use of a number": item("use: block", "settings: {block: 3}\n"),
    "use of a join": item("use: block", "settings: {block: add}\n"),
    "use with a missing argument": item("use: block", "settings: {block: conv}\n"),
    "use with an unknown argument": item("{use: block, with: {slope: 3}}", "settings: {block: relu}\n"),
    "groups that do not divide": item("conv: {out: 8, groups: 3}"),
    "in channels that groups do not divide": item("conv: {out: 8, groups: 2}"),
    "an input too small for its strides": items(
        "  - each: {i: 9}\n    do: [{conv: {out: 8, kernel: 3, stride: 2, padding: valid}}]"
    ),
    "a kernel of zero": item("conv: {out: 8, kernel: -0}"),
    "a kernel of -0.0": item("conv: {out: 8, kernel: -0.0}"),
    "a kernel with too many axes": item("conv: {out: 8, kernel: [3, 3, 3]}"),
    "a padding that is no word of ours": item("conv: {out: 8, kernel: 3, padding: full}"),
    "a padding that is a quoted word": item("""conv: {out: 8, kernel: 3, padding: "'full'"}"""),
    "a negative padding": item("conv: {out: 8, kernel: 3, padding: -1}"),
    "a padding for the wrong axes": item("conv: {out: 8, kernel: 3, padding: [1, 2, 3]}"),
    "a float where an integer is needed": value("a / 2"),
    "true where an integer is needed": value("true"),
    "true in a list where integers are needed": items(
        "  - conv: {out: 8, kernel: [1, 1]}\n  - conv: {out: 8, kernel: [true, true]}"
    ),
    "a word where an integer is needed": value("word"),
    "an expression in settings": item("conv: {out: b}", "settings: {a: 3, b: 2 * a}\n"),
    "a linear over a map, by a misspelled axis": item("linear: {outs: 10}"),
}
"""What is wrong with the call of an operator or a block."""

STRUCTURE: dict[str, str] = {
    "an add of unequal maps": item("add: [{conv: {out: 8}}, {conv: {out: 16}}]"),
    "a concat of unequal maps": item("concat: [{conv: {out: 8}}, {conv: {out: 8, stride: 2}}]"),
    "a join of one branch": item("add: [relu]"),
    "a join that is a mapping": item("add: {conv: {out: 8}}"),
    "a product of three": item("matrix_product: [identity, identity, identity]"),
    "a split that does not divide": item("{split: 2, concat: [identity, relu]}"),
    "a split into too many": item("{split: 3, concat: [identity, relu]}"),
    "a split into two and a half": item("{split: 2.0, concat: [identity, relu]}"),
    "a split that does not add up": item("{split: [1, 1], concat: [identity, relu]}"),
    "a split into nothing": item("{split: [3, 0], concat: [identity, relu]}"),
    "a split into words": item("{split: [relu, relu], concat: [identity, relu]}"),
    "a split without channels": items(
        "  - reshape: {shape: [-1]}\n  - {split: [1, 2], concat: [identity, relu]}"
    ),
    "an unknown tap": items("  - tap: middle\n  - relu\n  - from: midle"),
    "a tap that comes later": items("  - relu\n  - from: middle\n  - tap: middle"),
    "a tap that is no word": item("tap: the middle"),
    "a huge tap": item(f"tap: {'x' * 390}"),
    "a tap that is a list": item("tap: [a, b]"),
    "a condition that is a number": item("{if: a, then: [relu]}", "settings: {a: 1}\n"),
    "a condition that is null": item("{if: , then: [relu]}"),
    "if without then": item("{if: true, else: [relu]}"),
    "esle": item("{if: true, then: [relu], esle: [sigmoid]}"),
    "each over unequal lists": item("{each: {a: [1, 2], b: [1, 2, 3]}, do: [relu]}"),
    "each over a word": item("{each: {a: relu}, do: [relu]}"),
    "each over nothing": item("{each: {}, do: [relu]}"),
    "each over a negative number": item("{each: {a: -1}, do: [relu]}"),
    "each without do": item("each: {a: 3}"),
    "do without a name": item("do: [relu]"),
    "let of a word that is none": item("{let: {a b: 3}, do: [relu]}"),
    "let of a list": item("{let: [a, b], do: [relu]}"),
    "tap and name": item("{tap: a, name: b}"),
    "a name that is no word": item("{name: the stem, do: [relu]}"),
    "a name with a dot": item("{name: a.b, relu: {}}"),
    "a name that is null": item("{name: , do: [relu]}"),
    "a taken name": items("  - {name: stem, do: [relu]}\n  - {name: stem, do: [relu]}"),
    "a name taken by a number": items("  - relu\n  - {name: relu1, do: [sigmoid]}"),
    "a name taken by the loop before": items(
        "  - each: {i: 3}\n    name: stage\n    do:\n      - relu\n      - sigmoid"
    ),
    "the name of the input": item("{name: input, relu: {}}"),
    "a brace never closed in a name": item('{name: "stage{i", do: [relu]}'),
    "a huge name": item(f"{{name: {'x' * 300}, do: [relu]}}"),
    "a huge key": item(f"{'x' * 900}: {{out: 3}}"),
    "a huge word": item("x" * 100_000),
    "a huge template": item(f'{{name: "{"{a}" * 100_000}", do: [relu]}}', "settings: {a: 1}\n"),
    "a name on two lines": item('{name: "a\\nb", do: [rellu]}'),
}
"""What is wrong with the structure of a network."""

EXPRESSIONS: dict[str, str] = {
    "an infinite literal": value("1e400"),
    "an unknown word": value("b"),
    "a misspelled word": value("in_chanels"),
    "attribute access": value("a.real"),
    "a method": value("word.upper()"),
    "an unknown function": value("maximum(1, 2)"),
    "a function unlike any": value("open(word)"),
    "import": value("__import__(word)"),
    "dunder": value("__builtins__"),
    "dunder of a value": value("().__class__.__bases__"),
    "an f-string": value("f'{a}'"),
    "a lambda": value("(lambda: 3)()"),
    "a comprehension": value("[i for i in list]"),
    "a generator": value("max(i for i in list)"),
    "a walrus": value("(b := 3)"),
    "a slice": value("list[0:1]"),
    "a mapping": value("{1: 2}[1]"),
    "a set": value("{1, 2}"),
    "unpacking": value("max(*list)"),
    "named arguments": value("divisible(a, divisor=8)"),
    "bits": value("1 << 60"),
    "is": value("3 if a is 3 else 4"),
    "complex": value("3j"),
    "await": value("await a"),
    "two statements": value("1; 2"),
    "two words": value("a list"),
    "an empty expression": value(" "),
    "a comma between braces": item("conv: {out: max(3, 2)}"),
    "too few arguments": value("divisible(3)"),
    "too many arguments": value("sqrt(1, 2)"),
    "no arguments": value("min()"),
    "min of nothing": value("min([])"),
    "len of a number": value("len(a)"),
    "division by zero": value("a // (a - 3)"),
    "modulo zero": value("a % 0"),
    "zero to a negative power": value("0 ** -1"),
    "sqrt(-1)": value("round(sqrt(-1))"),
    "(-8)**0.5": value("(-8)**0.5"),
    "9**9**9": value("9**9**9"),
    "2**100000": value("2**100000"),
    "10**15 * 10**15": value("10**15 * 10**15"),
    "a power of a float that overflows": value("(a * 1e14) ** 64"),
    "an index out of range": value("list[2]"),
    "an index that is a number": value("list[0.5]"),
    "an index into a number": value("a[0]"),
    "'%s' % 3": value("'%s' % 3"),
    "'a' * 10**9": value("'a' * 10**9"),
    "'a' + 'b'": value("'a' + 'b'"),
    "[1] * 10**9": value("[1] * 10**9"),
    "[1] * 0.5": value("[1] * 0.5"),
    "true + 1": value("true + 1"),
    "not 3": value("not a"),
    "a or b": value("a or list"),
    "1 < relu": value("3 if a < word else 4"),
    "in a number": value("3 if a in a else 4"),
    "divisible by zero": value("divisible(a, 0)"),
    "divisible by a half": value("divisible(a, 0.5)"),
    "an expression of 500 characters": value(" + ".join(["a"] * 125)),
    "an expression 41 deep": value("-" * 60 + "1"),
    "comparisons in comparisons": item(f"{{if: {nested_compare()}, then: [relu]}}"),
}
"""What is wrong with an expression."""

WORK: dict[str, str] = {
    "10^9 layers": item("{each: {i: 10**9}, do: [relu]}"),
    "10^9 layers in nested loops": item(
        "{each: {i: 1000}, do: [{each: {j: 1000}, do: [{each: {k: 1000}, do: [relu]}]}]}"
    ),
    "10^9 empty passes": item("{each: {i: 1000}, do: [{each: {j: 1000}, do: [{each: {k: 1000}, do: []}]}]}"),
    "10^9 passes of nothing but taps": item(
        "{each: {i: 1000}, do: [{each: {j: 1000}, do: [{each: {k: 1000}, do: [{tap: a}]}]}]}"
    ),
    "10^9 lets": item(
        "{each: {i: 1000}, do: [{each: {j: 1000}, do: [{let: {a: i + j, b: a + a, c: b // 2}, do: []}]}]}"
    ),
    "blocks that double": doubling_blocks(30, "[relu]"),
    "empty blocks that double": doubling_blocks(30, "[]"),
    "blocks 100 deep": blocks(
        "".join(f"  b{i}: {{do: [b{i + 1}]}}\n" for i in range(100)) + "  b100: {do: [relu]}\n", "  - b0"
    ),
    "a block in itself": blocks("  a: {do: [relu, a]}\n"),
    "two blocks in each other": blocks("  a: {do: [relu, b]}\n  b: {do: [{if: true, then: [a]}]}\n"),
    "a block in itself by use": blocks("  a: {arguments: {next: a}, do: [{use: next}]}\n"),
    "a list that doubles": item(
        "{let: {"
        + ", ".join(f"l{i}: l{i - 1} + l{i - 1}" if i else "l0: [1]" for i in range(60))
        + "}, do: [relu]}"
    ),
    "empty lists that multiply": item(
        '{let: {a: "[[]] * 1000", b: "[a] * 1000", c: "[b] * 1000"}, do: [relu]}'
    ),
    "a list 1500 deep": items(
        "  - let:\n      l0: [1]\n"
        + "".join(f"      l{i}: [l{i - 1}]\n" for i in range(1, 990))
        + "    do: [{conv: {out: l989 + 1}}]"
    ),
    "1000 defaults a call": blocks(
        "  a: {arguments: {" + ", ".join(f"x{i}: 1" for i in range(1000)) + "}, do: []}\n",
        "  - {each: {i: 9000}, do: [a]}",
    ),
    "1000 lists side by side": item(
        "{each: {" + ", ".join(f"x{i}: 9000" for i in range(1000)) + "}, do: []}"
    ),
    "20000 operators by hand": "input: [3, 32, 32]\nnetwork: [" + "relu, " * 20_000 + "]\n",
    "200 mistakes": items("\n".join(f"  - mistake{i}" for i in range(200))),
    "200 mistakes that look alike": (
        "input: [3, 32, 32]\nsettings: {"
        + ", ".join(f"a_setting_called_like_the_next_one_{i:04d}: 1" for i in range(999))
        + "}\nnetwork:\n"
        + "".join(f"  - conv: {{out: a_setting_called_like_the_next_one_x{i}}}\n" for i in range(200))
    ),
}
"""What asks for too much."""

BAD_SPECS: dict[str, str | bytes] = {**TEXTS, **PARTS, **CALLS, **STRUCTURE, **EXPRESSIONS, **WORK}

NASTIEST = (
    "an alias bomb",
    "100000 brackets",
    "100000 braces",
    "100000 dashes",
    "a list of 10^5 elements",
    "a list of 10^6 elements",
    "comparisons in comparisons",
    "9**9**9",
    *WORK,
)
"""Those that could take the interpreter down with them: they run in a process of their own."""
