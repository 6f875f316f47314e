/**
 * Requests and answers of the store as etcd3 puts them on the wire, and back. Values are strings of bytes (latin1), so
 * that they are told apart by ===.
 */
import type { ICompactionResponse, ICompare, IDeleteRangeResponse, IKeyValue, IPutResponse, IRangeResponse, IRequestOp, IResponseHeader, IResponseOp, ITxnRequest, ITxnResponse } from 'etcd3';
import type { EtcdAnswer, EtcdCompare, EtcdOperation, EtcdRequest, KeyValue, OperationAnswer } from '../../src/model/etcd-store.ts';

export type Request = EtcdRequest<string>;
export type Answer = EtcdAnswer<string>;
type Operation = EtcdOperation<string>;
type Success = Extract<Answer, { ok: true }>;

/** A call of the service KV. */
export type WireCall =
  | { readonly method: 'range'; readonly params: NonNullable<IRequestOp['request_range']> }
  | { readonly method: 'put'; readonly params: NonNullable<IRequestOp['request_put']> }
  | { readonly method: 'deleteRange'; readonly params: NonNullable<IRequestOp['request_delete_range']> }
  | { readonly method: 'txn'; readonly params: ITxnRequest }
  | { readonly method: 'compact'; readonly params: { readonly revision?: string | number; readonly physical?: boolean } };

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const text = (buffer: Buffer | undefined): string => (buffer ?? Buffer.alloc(0)).toString('latin1');

const RESULTS = { equal: 'Equal', 'not-equal': 'NotEqual', greater: 'Greater', less: 'Less' } as const;
const TARGETS = { value: 'Value', version: 'Version', create: 'Create', mod: 'Mod' } as const;
const OPERANDS = { value: 'value', version: 'version', create: 'create_revision', mod: 'mod_revision' } as const;

/** The call that a request is. */
export function callOf(request: Request): WireCall {
  switch (request.op) {
    case 'range': return { method: 'range', params: operationOf(request).request_range! };
    case 'put': return { method: 'put', params: operationOf(request).request_put! };
    case 'delete': return { method: 'deleteRange', params: operationOf(request).request_delete_range! };
    // Physical: the answer comes when what was compacted is gone.
    case 'compact': return { method: 'compact', params: { revision: request.revision, physical: true } };
    case 'txn': {
      const { compare, success, failure } = request;
      return { method: 'txn', params: { compare: compare.map(compareOf), success: success.map(operationOf), failure: failure.map(operationOf) } };
    }
  }
}

function operationOf(operation: Operation): IRequestOp {
  const key = bytes(operation.key);
  if (operation.op === 'put') return { request_put: { key, value: bytes(operation.value) } };
  const range = operation.end === undefined ? { key } : { key, range_end: bytes(operation.end) };
  if (operation.op === 'delete') return { request_delete_range: range };
  return { request_range: { ...range, revision: operation.revision ?? 0, limit: operation.limit ?? 0 } };
}

function compareOf({ key, target, result, operand }: EtcdCompare<string>): ICompare {
  const value = typeof operand === 'string' ? bytes(operand) : operand;
  return { key: bytes(key), target: TARGETS[target], result: RESULTS[result], [OPERANDS[target]]: value };
}

/** The request that a call is. Throws on a call that the simulated store does not know. */
export function requestOf({ method, params }: WireCall): Request {
  switch (method) {
    case 'range': return operationIn({ request_range: params });
    case 'put': return operationIn({ request_put: params });
    case 'deleteRange': return operationIn({ request_delete_range: params });
    case 'compact': return { op: 'compact', revision: Number(params.revision ?? 0) };
    case 'txn': {
      const { compare = [], success = [], failure = [] } = params;
      return { op: 'txn', compare: compare.map(compareIn), success: success.map(operationIn), failure: failure.map(operationIn) };
    }
    default: throw new Error(`the simulated store has no ${String(method)}`);
  }
}

function operationIn({ request_range: range, request_put: put, request_delete_range: del }: IRequestOp): Operation {
  const rangeOf = ({ key, range_end: end }: { key?: Buffer; range_end?: Buffer }) => ({ key: text(key), ...(end === undefined ? {} : { end: text(end) }) });
  if (put !== undefined) return { op: 'put', key: text(put.key), value: text(put.value) };
  if (del !== undefined) return { op: 'delete', ...rangeOf(del) };
  if (range !== undefined) return { op: 'range', ...rangeOf(range), revision: Number(range.revision ?? 0), limit: Number(range.limit ?? 0) };
  throw new Error('the simulated store has no transaction in a transaction');
}

function compareIn(compare: ICompare): EtcdCompare<string> {
  const target = keyOf(TARGETS, compare.target);
  const operand = compare[OPERANDS[target]];
  return { key: text(compare.key), target, result: keyOf(RESULTS, compare.result), operand: Buffer.isBuffer(operand) ? text(operand) : Number(operand ?? 0) };
}

function keyOf<Key extends string>(table: Readonly<Record<Key, string>>, value: unknown): Key {
  const found = (Object.keys(table) as Key[]).find((key) => table[key] === value);
  if (found === undefined) throw new Error(`the simulated store has no ${String(value)}`);
  return found;
}

/** The answer to a request, from what came over the wire. */
export function answerOf(request: Request, response: object): Success {
  const revision = Number((response as { header: IResponseHeader }).header.revision);
  switch (request.op) {
    case 'range': return { ok: true, revision, ...answerIn({ response_range: response as IRangeResponse }) };
    case 'put': return { ok: true, revision, op: 'put' };
    case 'delete': return { ok: true, revision, ...answerIn({ response_delete_range: response as IDeleteRangeResponse }) };
    case 'compact': return { ok: true, revision, op: 'compact' };
    case 'txn': {
      const { succeeded, responses } = response as ITxnResponse;
      return { ok: true, revision, op: 'txn', succeeded, answers: responses.map(answerIn) };
    }
  }
}

function answerIn({ response_range: range, response_delete_range: del }: Partial<IResponseOp>): OperationAnswer<string> {
  if (range) return { op: 'range', pairs: range.kvs.map(pairOf), count: Number(range.count), more: range.more };
  return del ? { op: 'delete', deleted: Number(del.deleted) } : { op: 'put' };
}

function pairOf(pair: IKeyValue): KeyValue<string> {
  return { key: text(pair.key), value: text(pair.value), createRevision: Number(pair.create_revision), modRevision: Number(pair.mod_revision), version: Number(pair.version) };
}

/** What the simulated store puts on the wire. */
export function responseOf(answer: Success): IRangeResponse | IPutResponse | IDeleteRangeResponse | ITxnResponse | ICompactionResponse {
  const header: IResponseHeader = { cluster_id: '0', member_id: '0', revision: String(answer.revision), raft_term: '0' };
  if (answer.op === 'compact') return { header };
  if (answer.op === 'txn') return { header, succeeded: answer.succeeded, responses: answer.answers.map((one) => responseIn(header, one) as IResponseOp) };
  return Object.values(responseIn(header, answer))[0] as IRangeResponse | IPutResponse | IDeleteRangeResponse;
}

function responseIn(header: IResponseHeader, answer: OperationAnswer<string>): Partial<IResponseOp> {
  switch (answer.op) {
    case 'put': return { response_put: { header } as IPutResponse };
    case 'delete': return { response_delete_range: { header, deleted: String(answer.deleted), prev_kvs: [] } };
    case 'range': {
      const kvs = answer.pairs.map(({ key, value, createRevision, modRevision, version }) => ({
        key: bytes(key), value: bytes(value), create_revision: String(createRevision), mod_revision: String(modRevision), version: String(version), lease: '0',
      }));
      return { response_range: { header, kvs, count: String(answer.count), more: answer.more } };
    }
  }
}
