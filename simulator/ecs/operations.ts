import type { Operation } from '@/simulator/call';
import { createCluster, deleteCluster, describeClusters, listClusters } from './clusters';
import { describeContainerInstances, listContainerInstances } from './container-instances';
import { listTaskDefinitionFamilies, listTaskDefinitions } from './list-task-definitions';
import {
  continueServiceDeployment,
  describeServiceDeployments,
  describeServiceRevisions,
  listServiceDeployments,
  stopServiceDeployment,
} from './service-deployments';
import { createService, deleteService, describeServices, listServices } from './services';
import { listTagsForResource, tagResource, untagResource } from './tags';
import {
  deleteTaskDefinitions,
  deregisterTaskDefinition,
  describeTaskDefinition,
  registerTaskDefinition,
} from './task-definitions';
import { getTaskProtection, updateTaskProtection } from './task-protection';
import { describeTasks, listTasks } from './tasks';
import { updateService } from './update-service';

/** Amazon ECS, as far as it is imitated, by operation. */
export const ECS: Readonly<Record<string, Operation>> = {
  CreateCluster: createCluster,
  DeleteCluster: deleteCluster,
  ListClusters: listClusters,
  DescribeClusters: describeClusters,
  ListServices: listServices,
  DescribeServices: describeServices,
  CreateService: createService,
  UpdateService: updateService,
  DeleteService: deleteService,
  ListTaskDefinitions: listTaskDefinitions,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
  DescribeTaskDefinition: describeTaskDefinition,
  RegisterTaskDefinition: registerTaskDefinition,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  DeleteTaskDefinitions: deleteTaskDefinitions,
  ListTasks: listTasks,
  DescribeTasks: describeTasks,
  GetTaskProtection: getTaskProtection,
  UpdateTaskProtection: updateTaskProtection,
  ListContainerInstances: listContainerInstances,
  DescribeContainerInstances: describeContainerInstances,
  ListServiceDeployments: listServiceDeployments,
  DescribeServiceDeployments: describeServiceDeployments,
  DescribeServiceRevisions: describeServiceRevisions,
  StopServiceDeployment: stopServiceDeployment,
  ContinueServiceDeployment: continueServiceDeployment,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};
