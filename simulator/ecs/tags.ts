import type { ListTagsForResourceResponse, Tag, TagResourceResponse } from '@aws-sdk/client-ecs';
import { AwsError, invalidParameter } from '@/simulator/aws-error';
import type { Call, Operation } from '@/simulator/call';
import { list, text, texts } from '@/simulator/input';
import { findRevision, restOf, serviceKey } from './lookup';
import { refuseTags } from './register-rules';

/** What carries tags. */
type Tagged = { tags: Tag[] };

function requireTagged(call: Call, arn: string): Tagged {
  const service = restOf(call.region, 'service', arn);
  if (arn.includes(':service/') && service !== null) {
    const [cluster = '', name] = service.split('/');
    // The old short form of a service's ARN carries no cluster and cannot be tagged.
    if (name === undefined) throw invalidParameter('Long arn format must be used for tagging operations');
    const found = call.region.services.get(serviceKey(cluster, name));
    if (found) return found;
    throw new AwsError('InvalidParameterException', 'The specified resource does not exist.');
  }
  const cluster = call.region.clusters.get(restOf(call.region, 'cluster', arn) ?? '');
  const found = arn.includes(':cluster/') ? cluster : findRevision(call.region, arn);
  if (!found) throw new AwsError('InvalidParameterException', 'The specified resource does not exist.');
  return found;
}

/** TagResource. */
export const tagResource: Operation = (call, input): TagResourceResponse => {
  const tagged = requireTagged(call, text(input, 'resourceArn'));
  const tags = list(input, 'tags') as Tag[];
  refuseTags(tags);
  const replaced = new Set(tags.map(({ key }) => key));
  const merged = [...tagged.tags.filter(({ key }) => !replaced.has(key)), ...tags];
  if (merged.length > 50) throw invalidParameter('The number of tags can not exceed 50.');
  tagged.tags = merged;
  return {};
};

/** UntagResource. */
export const untagResource: Operation = (call, input): object => {
  const tagged = requireTagged(call, text(input, 'resourceArn'));
  const gone = new Set(texts(input, 'tagKeys'));
  tagged.tags = tagged.tags.filter(({ key }) => !gone.has(key ?? ''));
  return {};
};

/** ListTagsForResource. */
export const listTagsForResource: Operation = (call, input): ListTagsForResourceResponse => ({
  tags: requireTagged(call, text(input, 'resourceArn')).tags,
});
