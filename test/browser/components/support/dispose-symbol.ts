// Not every browser has this symbol, which the compiled `using` needs.
if (!Reflect.has(Symbol, 'dispose')) Object.assign(Symbol, { dispose: Symbol.for('Symbol.dispose') });
