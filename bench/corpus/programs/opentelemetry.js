// Traces one operation within another one, and exports both spans to memory.
const { context, SpanStatusCode, trace } = require('@opentelemetry/api');
const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const tracer = trace.getTracer('corpus');

const main = async () => {
  const outer = tracer.startSpan('outer', { attributes: { answer: 42 } });
  await context.with(trace.setSpan(context.active(), outer), async () => {
    const inner = tracer.startSpan('inner');
    inner.setStatus({ code: SpanStatusCode.ERROR, message: 'as intended' });
    inner.end();
  });
  outer.end();
  const [inner, parent] = exporter.getFinishedSpans();
  const isChild = inner.parentSpanContext.spanId === parent.spanContext().spanId;
  process.stdout.write(`${inner.name} ${inner.status.message} ${parent.attributes.answer} ${isChild}\n`);
  await provider.shutdown();
};

main();
